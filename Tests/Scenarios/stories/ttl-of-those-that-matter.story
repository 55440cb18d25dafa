# A member whose change would not change the answer does not shorten the TTL; nor does one that is forced.
check slow interval 20s timeout 1s rise 3 fall 3
check quick interval 1s timeout 500ms rise 3 fall 3
endpoint ec2   203.0.113.10 check slow
endpoint azure 198.51.100.20 check quick
pool ec2 | azure
ttl 1s to 300s

at 5s  expect ttl = 55s
at 10s azure refuses
at 11500ms expect ttl >= 48s
at 20s azure ok
at 25s force ec2 up
at 26s expect ttl = 300s
