# Route 53: a secondary without a health check is always good, and answers however dead it is.
check interval 1s timeout 500ms rise 2 fall 3
endpoint primary   203.0.113.10
endpoint secondary 198.51.100.20 when up
pool primary | secondary

at 10s primary refuses
at 13s expect A 198.51.100.20
at 60s expect A 198.51.100.20
