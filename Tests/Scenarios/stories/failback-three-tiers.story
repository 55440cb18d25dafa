# A hold belongs to each branch: one that comes back later does not inherit the wait of another.
check interval 1s timeout 500ms rise 2 fall 3
endpoint a 192.0.2.1
endpoint b 192.0.2.2
endpoint c 192.0.2.3
pool a | b | c
failback after 60s

at 9500ms  a refuses
at 9500ms  b refuses
at 13s     expect A 192.0.2.3
at 19500ms b ok
# b waits since 21.010 s; a since 51.010 s.
at 49500ms a ok
at 80s     expect A 192.0.2.3
at 81100ms expect A 192.0.2.2
at 111s    expect A 192.0.2.2
at 111100ms expect A 192.0.2.1
