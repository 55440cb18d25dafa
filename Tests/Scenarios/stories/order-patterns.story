# Orders by endpoint at a pool, by pool and by pattern.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
endpoint ec3   203.0.113.11
pool app.example.com = ec2 | azure
pool api.example.com = ec2 ec3 | azure

at 10s drain ec2@api.example.com
at 10s expect app.example.com A 203.0.113.10
at 10s expect api.example.com A 203.0.113.11
at 20s drain ec*
at 20s expect app.example.com A 198.51.100.20
at 20s expect api.example.com A 198.51.100.20
at 30s release ec*
at 30s expect app.example.com A 203.0.113.10
at 30s expect api.example.com A 203.0.113.10 203.0.113.11
