# A fixed TTL is the same whatever happens.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure
ttl 30s

at 5s  expect ttl = 30s
at 10s ec2 refuses
at 11500ms expect ttl = 30s
at 13s expect ttl = 30s
at 20s azure refuses
at 30s expect ttl = 30s
