# A restart in the middle of an outage answers right from its first moment: what was known is still known.
check interval 10s timeout 5s rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 5s   ec2 hangs
at 36s  expect A 198.51.100.20
at 40s  restart
at 40s  expect decided
at 40s  expect A 198.51.100.20
at 46s  expect A 198.51.100.20
at 60s  ec2 ok
at 90s  expect A 203.0.113.10
