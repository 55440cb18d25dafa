# At most one address withdrawn a minute: the others are held up until there is room, or an operator confirms.
check interval 1s timeout 500ms rise 2 fall 3
endpoint a 192.0.2.1
endpoint b 192.0.2.2
endpoint c 192.0.2.3
endpoint d 192.0.2.4
blast-radius 1 within 60s
pool all(a, b, c, d)

at 9500ms a refuses
at 12100ms expect A 192.0.2.2 192.0.2.3 192.0.2.4
at 19500ms b refuses
at 19500ms c refuses
at 23s    expect A 192.0.2.2 192.0.2.3 192.0.2.4
at 23s    expect b up
at 71s    expect A 192.0.2.2 192.0.2.3 192.0.2.4
at 73s    expect A 192.0.2.3 192.0.2.4
at 80s    confirm
at 80s    expect accepted
at 80s    expect A 192.0.2.4
# Who comes back is back at once.
at 90s    c ok
at 92s    expect A 192.0.2.3 192.0.2.4
at 93s    confirm
at 93s    expect refused
