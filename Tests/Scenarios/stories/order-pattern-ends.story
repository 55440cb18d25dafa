# A star at a pattern's end stands for nothing too.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 10s drain ec2@app.example.com*
at 10s expect accepted
at 10s expect A 198.51.100.20
