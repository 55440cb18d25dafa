# A restart in the middle of an outage, nothing remembered: the first round's single results decide.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 10s    ec2 refuses
at 13s    expect A 198.51.100.20
at 20s    restart forgetting
at 20s    expect undecided
at 20010ms expect decided
at 20010ms expect A 198.51.100.20
at 30s    ec2 ok
at 32s    expect A 203.0.113.10
