# An order with an end ends by itself; the clock that counts is the wall's.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 10s    drain ec2 for 60s
at 69s    expect A 198.51.100.20
at 70100ms expect A 203.0.113.10
at 100s   drain ec2 for 1h
at 200s   clock +1h
at 201s   expect A 203.0.113.10
