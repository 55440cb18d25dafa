# Failback only on Sunday from 02:00 for an hour.
begins Sun 01:58
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure
failback window Sun 02:00 for 1h

at 10s  ec2 refuses
at 13s  expect A 198.51.100.20
at 20s  ec2 ok
at 119s expect A 198.51.100.20
at 121s expect A 203.0.113.10
# Within the window it is at once, after it not before next week.
at 200s ec2 refuses
at 203s expect A 198.51.100.20
at 210s ec2 ok
at 213s expect A 203.0.113.10
at 3720s ec2 refuses
at 3723s expect A 198.51.100.20
at 3730s ec2 ok
at 4000s expect A 198.51.100.20
at 2h    expect A 198.51.100.20
