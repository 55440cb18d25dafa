# Nobody has IPv6.
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 1s  expect AAAA nothing
at 10s ec2 refuses
at 13s expect AAAA nothing
