# Sticky: odds by weight over networks; who fails is shared among the rest.
check interval 1s timeout 500ms rise 2 fall 3
endpoint a 192.0.2.1
endpoint b 192.0.2.2
endpoint c 192.0.2.3
pool sticky(a 2, b 1, c 1)

at 1s  expect odds A 192.0.2.1 50%
at 1s  expect odds A 192.0.2.2 25%
at 10s a refuses
at 13s expect odds A 192.0.2.2 50%
at 20s b refuses
at 20s c refuses
at 23s expect A open 192.0.2.1 192.0.2.2 192.0.2.3
