# A timeout longer than the interval: never two attempts at once, so a hang is noticed later.
check interval 1s timeout 2500ms rise 1 fall 2
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 10s    ec2 hangs
at 15499ms expect A 203.0.113.10
at 15500ms expect A 198.51.100.20
at 20s    ec2 ok
at 22010ms expect A 203.0.113.10
