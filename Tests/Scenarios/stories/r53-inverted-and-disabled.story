# Route 53: disabled counts as healthy, inverted turns the verdict round, both together pull a target out.
check app   interval 1s timeout 500ms rise 2 fall 3
check maint interval 1s timeout 500ms rise 2 fall 3
endpoint inverted 192.0.2.1 when not(maint)
endpoint disabled 192.0.2.2 when up
endpoint pulled   192.0.2.3 when not(up)
endpoint normal   192.0.2.4 when app
pool all(inverted, disabled, pulled, normal)

# The maintenance page is there: the inverted target is out. So is the pulled one.
at 1s  expect A 192.0.2.2 192.0.2.4
at 10s inverted refuses
at 12s expect inverted down
at 13s expect inverted up
at 13s expect A 192.0.2.1 192.0.2.2 192.0.2.4
at 13s expect pulled down
at 20s inverted ok
at 22s expect A 192.0.2.2 192.0.2.4
