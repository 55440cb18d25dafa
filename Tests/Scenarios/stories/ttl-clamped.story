# Both limits hold; interval 1 s and fall 3 give 2 s whatever the maximum says, and the minimum wins.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool short.example.com = ec2 | azure
ttl 0s to 30s
pool floor.example.com = ec2 | azure
ttl 5s to 30s
pool tight.example.com = ec2 | azure
ttl 1s to 2s

at 5500ms expect short.example.com ttl = 2s
at 5900ms expect short.example.com ttl = 2s
at 5500ms expect floor.example.com ttl = 5s
at 5500ms expect tight.example.com ttl = 2s
at 9500ms ec2 refuses
at 11500ms expect short.example.com ttl = 0s
at 11500ms expect tight.example.com ttl = 1s
