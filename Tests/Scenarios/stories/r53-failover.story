# Route 53, failover: the chart of primary and secondary. Never NODATA; both bad: the primary.
check interval 10s timeout 4s rise 3 fall 3
endpoint primary   203.0.113.10
endpoint secondary 198.51.100.20
pool primary | secondary

at 5s    expect A 203.0.113.10
at 15s   secondary refuses
at 41s   expect secondary down
at 41s   expect A 203.0.113.10
at 45s   primary refuses
at 69s   expect A 203.0.113.10
at 71s   expect A open 203.0.113.10
at 75s   secondary ok
at 99s   expect A open 203.0.113.10
at 101s  expect A 198.51.100.20
at 105s  primary ok
at 129s  expect A 198.51.100.20
at 131s  expect A 203.0.113.10
at 132s  expect changes 3
