# All down, all of them, but no more in one answer than the pool's limit.
check interval 1s timeout 500ms rise 2 fall 3
endpoint a 192.0.2.1
endpoint b 192.0.2.2
endpoint c 192.0.2.3
endpoint d 192.0.2.4
pool atmost(2, a, b, c, d)
all-down all

at 10s a refuses
at 10s b refuses
at 10s c refuses
at 10s d refuses
at 13s expect A open 192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4
at 13s expect odds A 192.0.2.1 50%
