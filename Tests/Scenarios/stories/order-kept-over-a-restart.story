# An order that was accepted outlives a kill.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 10s drain ec2
at 10s kill
at 11s expect A 198.51.100.20
at 20s reload
at 21s expect A 198.51.100.20
at 30s release ec2
at 30s restart
at 31s expect A 203.0.113.10
