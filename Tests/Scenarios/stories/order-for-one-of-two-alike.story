# Two pools that differ in nothing but their names, and an order for one of them.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool app.example.com = ec2 | azure
pool api.example.com = ec2 | azure

at 10s drain ec2@api.example.com
at 10s expect app.example.com A 203.0.113.10
at 10s expect api.example.com A 198.51.100.20
at 20s azure refuses
at 25s expect app.example.com A 203.0.113.10
at 25s expect api.example.com A open 203.0.113.10
at 30s ec2 refuses
at 35s expect app.example.com A open 203.0.113.10
at 40s azure ok
at 45s expect app.example.com A 198.51.100.20
at 45s release ec2@api.example.com
at 50s ec2 ok
at 55s expect app.example.com A 203.0.113.10
at 55s expect api.example.com A 203.0.113.10
