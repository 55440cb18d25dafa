# Slow within the timeout is up; slower is down, one timeout after the third such start.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 5s     ec2 slow 499ms
at 9s     expect A 203.0.113.10
at 10s    ec2 slow 900ms
at 12499ms expect A 203.0.113.10
at 12500ms expect A 198.51.100.20
at 20s    ec2 slow 100ms
at 21100ms expect A 203.0.113.10
