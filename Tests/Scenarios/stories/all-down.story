# Nobody is up: the primary answers, flagged; the first to come back takes over.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 10s ec2 refuses
at 20s azure status 500
at 21s expect A 198.51.100.20
at 23s expect A open 203.0.113.10
at 30s azure ok
at 32s expect A 198.51.100.20
at 40s ec2 ok
at 42s expect A 203.0.113.10
