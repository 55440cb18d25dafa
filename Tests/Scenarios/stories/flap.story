# A primary that fails every other probe, or twice in a row, never leaves: the run starts anew.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 10s ec2 refuses
at 11s ec2 ok
at 12s ec2 refuses
at 13s ec2 ok
at 14s ec2 status 503
at 16s ec2 ok
at 17s expect A 203.0.113.10
# Out at last; then a flapping recovery is not trusted.
at 20s ec2 refuses
at 23s expect A 198.51.100.20
at 23s ec2 ok
at 24s ec2 resets
at 25s ec2 ok
at 26s ec2 resets
at 27s expect A 198.51.100.20
at 27s ec2 ok
at 29s expect A 203.0.113.10
at 60s expect changes 2
