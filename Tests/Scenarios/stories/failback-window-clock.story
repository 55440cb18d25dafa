# The window goes by the wall clock: set into it, the preferred one returns with the next decision; the holds do not.
begins Sat 12:00
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure
failback window Sun 02:00 for 1h

at 10s  ec2 refuses
at 13s  expect A 198.51.100.20
at 20s  ec2 ok
at 100s expect A 198.51.100.20
at 14h  expect A 203.0.113.10
