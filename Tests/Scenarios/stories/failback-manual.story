# Manual failback: the operator says when, and only then.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure
failback manual

at 10s  ec2 refuses
at 13s  expect A 198.51.100.20
at 20s  ec2 ok
at 300s expect A 198.51.100.20
at 300s failback app.example.com
at 300s expect accepted
at 300s expect A 203.0.113.10
# Once is once.
at 310s ec2 refuses
at 313s expect A 198.51.100.20
at 320s ec2 ok
at 400s expect A 198.51.100.20
# Who answers dies: failing over needs nobody.
at 410s azure refuses
at 413s expect A 203.0.113.10
at 420s failback nobody.example.com
at 420s expect refused
