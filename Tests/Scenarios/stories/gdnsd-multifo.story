# gdnsd, multifo with up_thresh one half: below it all addresses answer, the down ones too.
check interval 1s timeout 500ms rise 2 fall 3
endpoint a 192.0.2.1
endpoint b 192.0.2.2
endpoint c 192.0.2.3
endpoint d 192.0.2.4
pool floor(50%, all(a, b, c, d))

at 10s a refuses
at 13s expect A 192.0.2.2 192.0.2.3 192.0.2.4
at 20s b refuses
at 23s expect A 192.0.2.3 192.0.2.4
at 30s c refuses
at 33s expect A open 192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4
at 40s b ok
at 42s expect A 192.0.2.2 192.0.2.4
