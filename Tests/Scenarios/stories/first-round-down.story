# A primary that is dead from the start never gets an answer: one result is enough.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 0s   ec2 refuses
at 10ms expect decided
at 10ms expect A 198.51.100.20
at 10s  expect changes 0
