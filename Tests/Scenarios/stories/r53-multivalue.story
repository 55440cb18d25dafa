# Route 53, multivalue: the healthy ones, at most so many in one answer; none healthy: as many of all.
check interval 1s timeout 500ms rise 2 fall 3
endpoint a 192.0.2.1
endpoint b 192.0.2.2
endpoint c 192.0.2.3
endpoint d 192.0.2.4
pool atmost(2, a, b, c, d)

at 1s  expect A 192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4
at 1s  expect odds A 192.0.2.1 50%
at 10s a refuses
at 10s b refuses
at 13s expect A 192.0.2.3 192.0.2.4
at 13s expect odds A 192.0.2.3 100%
at 20s c refuses
at 23s expect A 192.0.2.4
at 30s d refuses
at 33s expect A open 192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4
at 33s expect odds A 192.0.2.4 50%
