# A floor of two: one alone would be overrun, so all answer.
check interval 1s timeout 500ms rise 2 fall 3
endpoint a 192.0.2.1
endpoint b 192.0.2.2
endpoint c 192.0.2.3
pool floor(2, all(a, b, c))

at 10s a refuses
at 13s expect A 192.0.2.2 192.0.2.3
at 20s b refuses
at 23s expect A open 192.0.2.1 192.0.2.2 192.0.2.3
at 30s a ok
at 32s expect A 192.0.2.1 192.0.2.3
