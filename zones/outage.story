# alula simulate --config zones/alula.yaml --story zones/outage.story --expect
at 10s  ec2 hangs
at 15s  expect A 127.0.0.3
at 60s  ec2 ok
at 75s  expect switch within 10s
