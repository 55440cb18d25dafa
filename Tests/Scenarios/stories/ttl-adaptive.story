# gdnsd's monitored TTL, aged between probes: the time until the answer could change, shrinking with each failure.
check interval 10s timeout 1s rise 4 fall 4
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure
ttl 3s to 100s

# Up: the next probe at 10 s, three more: 40 s. It ages.
at 500ms   expect ttl = 39s
at 5s      expect ttl = 35s
at 9900ms  expect ttl = 30s
at 10100ms expect ttl = 39s
# Each failure takes an interval off.
at 15s     ec2 refuses
at 20100ms expect ttl = 29s
at 30100ms expect ttl = 19s
at 40100ms expect ttl = 9s
at 45s     expect ttl = 5s
at 49s     expect ttl = 3s
at 50100ms expect A 198.51.100.20
# Down: back after four successes at the earliest; azure could go in four failures.
at 50100ms expect ttl = 39s
at 55s     ec2 ok
at 60100ms expect ttl = 29s
at 80100ms expect ttl = 9s
at 90100ms expect A 203.0.113.10
