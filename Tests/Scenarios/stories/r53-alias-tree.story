# Route 53, alias trees: a branch is healthy while anybody in it is; else back out of it and take the next.
check interval 1s timeout 500ms rise 2 fall 3
endpoint a 192.0.2.1
endpoint b 192.0.2.2
endpoint c 192.0.2.3
endpoint d 192.0.2.4
pool failover(weighted(a 3, b 1), failover(c, d))

at 1s  expect odds A 192.0.2.1 75%
at 10s a refuses
at 13s expect A 192.0.2.2
at 20s b refuses
at 23s expect A 192.0.2.3
at 30s c refuses
at 33s expect A 192.0.2.4
at 40s d refuses
at 43s expect A open 192.0.2.1 192.0.2.2
at 43s expect odds A 192.0.2.2 25%
at 50s d ok
at 52s expect A 192.0.2.4
