# Accepts connections and never answers: as dead as one that refuses, only later.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 10s    ec2 accepts
at 12499ms expect A 203.0.113.10
at 12500ms expect A 198.51.100.20
at 30s    expect changes 1
