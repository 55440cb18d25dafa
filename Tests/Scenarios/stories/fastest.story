# Fastest by probe latency; another one takes over only when it is clearly faster for a while.
check interval 1s timeout 500ms rise 2 fall 3
endpoint near 192.0.2.1
endpoint far  192.0.2.2
pool fastest(200, 10s, near, far)

at 0s   far slow 100ms
at 5s   expect A 192.0.2.1
at 10s  near refuses
at 13s  expect A 192.0.2.2
at 20s  near ok
at 25s  expect A 192.0.2.2
at 40s  expect A 192.0.2.1
# Ten milliseconds more is no reason.
at 50s  far ok
at 50s  near slow 11ms
at 120s expect A 192.0.2.1
