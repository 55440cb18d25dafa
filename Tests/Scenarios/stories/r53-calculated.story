# Route 53, CALCULATED: healthy while so many of its children are; a disabled child counts as healthy.
check a interval 1s timeout 500ms rise 2 fall 3
check b interval 1s timeout 500ms rise 2 fall 3
check c interval 1s timeout 500ms rise 2 fall 3
endpoint two    192.0.2.1 when atleast(2, a, b, c)
endpoint every  192.0.2.2 when atleast(3, a, b, c)
endpoint some   192.0.2.3 when any(a, b, c)
endpoint never  192.0.2.4 when atleast(4, a, b, c)
endpoint always 192.0.2.5 when atleast(0, a, b, c)
endpoint heavy  192.0.2.6 when atleast(3, a 3, b 1, c 1)
endpoint child  192.0.2.7 when atleast(2, a, up)
pool all(two, every, some, never, always, heavy, child)

at 1s  expect A 192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.5 192.0.2.6 192.0.2.7
at 10s b@two refuses
at 10s b@every refuses
at 10s b@some refuses
at 10s b@always refuses
at 10s b@heavy refuses
at 13s expect A 192.0.2.1 192.0.2.3 192.0.2.5 192.0.2.6 192.0.2.7
at 20s c@two refuses
at 20s c@some refuses
at 20s c@heavy refuses
at 23s expect A 192.0.2.3 192.0.2.5 192.0.2.6 192.0.2.7
at 30s a@some refuses
at 30s a@heavy refuses
at 30s a@child refuses
at 33s expect A 192.0.2.5
