# Who answers, and who waits to return, is remembered.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure
failback manual

at 10s ec2 refuses
at 13s expect A 198.51.100.20
at 20s ec2 ok
at 30s restart
at 31s expect A 198.51.100.20
at 40s kill
at 41s expect A 198.51.100.20
at 50s reload
at 51s expect A 198.51.100.20
at 60s failback app.example.com
at 60s expect A 203.0.113.10
