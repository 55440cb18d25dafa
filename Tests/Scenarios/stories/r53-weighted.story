# Route 53, weighted: the bad one is dropped and the odds are those of the rest; zero weights stand by.
check interval 1s timeout 500ms rise 2 fall 3
endpoint a 192.0.2.1
endpoint b 192.0.2.2
endpoint z 192.0.2.3
endpoint y 192.0.2.4
pool weighted(a 3, b 1, z 0, y 0)

at 5s  expect A 192.0.2.1 192.0.2.2
at 5s  expect odds A 192.0.2.1 75%
at 5s  expect odds A 192.0.2.2 25%
at 5s  expect odds A 192.0.2.3 0%
at 10s a refuses
at 13s expect A 192.0.2.2
at 13s expect odds A 192.0.2.2 100%
# No one with a weight is left: those with zero, with equal odds.
at 20s b refuses
at 23s expect A 192.0.2.3 192.0.2.4
at 23s expect odds A 192.0.2.3 50%
at 30s z refuses
at 33s expect A 192.0.2.4
# Nobody is left: all count as healthy, by the same policy.
at 40s y refuses
at 43s expect A open 192.0.2.1 192.0.2.2
at 43s expect odds A 192.0.2.1 75%
