// Asks NSD, Knot, BIND and Alula the same questions about the same zones, and says where Alula is
// alone. Exit status 0: no difference that is not in KnownDifferences.swift.
import Glibc
import TestSupport

func fail(_ message: String, status: Int32) -> Never {
  print(message)
  exit(status)
}

let usage = """
  usage: Compare [--seed N] [--queries N] [--zones N] [--show N] [--target alula|nsd|knot|bind]
    --show    differences of one kind that are printed in full (3)
    --target  the server that is held against the others: a peer, for scale
  """
var settings = Run()
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
  case "--show": settings.shown = number
  default: fail(usage, status: 2)
  }
}
guard Peers.areThere else { fail("run .ci/peers first", status: 1) }
do {
  let summary = try settings.run()
  print(summary.description)
  exit(summary.unexplained.isEmpty ? 0 : 1)
} catch {
  fail("\(error)", status: 1)
}
