# What failed during a partition does not count after it, though the canaries answer sooner than the sites.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
canary 192.0.2.53
pool ec2 | azure

at 0s    ec2 slow 400ms
at 0s    azure slow 400ms
at 9500ms prober isolated
at 59500ms prober back
at 70s   expect A 203.0.113.10
at 70s   expect changes 0
