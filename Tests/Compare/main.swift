// Asks NSD, Knot, BIND and Alula the same questions about the same zones, and says where Alula is
// alone. Exit status 0: no difference that is not in KnownDifferences.swift.
import Glibc
import TestSupport

func fail(_ message: String, status: Int32) -> Never {
  print(message)
  exit(status)
}

let usage = """
  usage: Compare [--seed N] [--queries N] [--zones N] [--signed N] [--show N] [--target alula|nsd|knot|bind]
    --queries of the plain zones, and as many of the signed ones (20000)
    --zones   plain zones (20); 0 leaves them out
    --signed  signed zones (20); 0 leaves them out
    --show    differences of one kind that are printed in full (3)
    --target  the server that is held against the others: a peer, for scale
  """
var settings = Run()
var signedZones = 20
var words = CommandLine.arguments.dropFirst()
while let word = words.popFirst() {
  let value = words.popFirst() ?? ""
  if word == "--target", let kind = Server.Kind.allCases.first(where: { $0.rawValue.lowercased() == value }) {
    settings.target = kind
    continue
  }
  guard let number = Int(value), number >= 0 else { fail(usage, status: 2) }
  switch word {
  case "--seed": settings.seed = UInt64(number)
  case "--queries": settings.queries = number
  case "--zones": settings.zones = number
  case "--signed": signedZones = number
  case "--show": settings.shown = number
  default: fail(usage, status: 2)
  }
}
guard Peers.areThere else { fail("run .ci/peers first", status: 1) }
do {
  var signed = settings
  (signed.isSigned, signed.zones) = (true, signedZones)
  var isGood = true
  for run in [settings, signed] where run.zones > 0 {
    let summary = try run.run()
    print(summary.description)
    isGood = isGood && summary.isGood
  }
  exit(isGood ? 0 : 1)
} catch {
  fail("\(error)", status: 1)
}
