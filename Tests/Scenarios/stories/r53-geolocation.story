# Route 53, geolocation: the client's own place, unhealthy: the next larger one; clients in no place: the default.
check interval 1s timeout 500ms rise 2 fall 3
endpoint default 192.0.2.1
endpoint europe  192.0.2.2
endpoint germany 192.0.2.3
pool client(default, europe | default, germany | europe | default)

at 1s  expect A class 0 192.0.2.1
at 1s  expect A class 1 192.0.2.2
at 1s  expect A class 2 192.0.2.3
at 10s germany refuses
at 13s expect A class 2 192.0.2.2
at 13s expect A class 1 192.0.2.2
at 20s europe refuses
at 23s expect A class 2 192.0.2.1
at 23s expect A class 1 192.0.2.1
at 30s germany ok
at 32s expect A class 2 192.0.2.3
at 32s expect A class 1 192.0.2.1
