# rise 1, fall 1: every result counts at once.
check interval 1s timeout 500ms rise 1 fall 1
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 10s    ec2 refuses
at 10001ms expect A 198.51.100.20
at 11s    ec2 ok
at 11010ms expect A 203.0.113.10
