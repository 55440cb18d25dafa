# One fast answer is no fast site: latencies are smoothed over about eight answers.
check interval 1s timeout 500ms rise 2 fall 3
endpoint near 192.0.2.1
endpoint far  192.0.2.2
pool fastest(200, 10s, near, far)

at 0s      near slow 100ms
at 0s      far slow 100ms
at 19500ms far ok
# Clearly faster from the second fast answer on, at 21.010 s, and ten seconds later it takes over.
at 30500ms expect A 192.0.2.1
at 31500ms expect A 192.0.2.2
