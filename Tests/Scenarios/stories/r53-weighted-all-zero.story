# Route 53: all weights zero give equal odds.
endpoint a 192.0.2.1
endpoint b 192.0.2.2
endpoint c 192.0.2.3
endpoint d 192.0.2.4
pool weighted(a 0, b 0, c 0, d 0)

at 1s  expect odds A 192.0.2.1 25%
at 1s  expect odds A 192.0.2.4 25%
at 10s a hangs
at 13s expect odds A 192.0.2.4 33%
