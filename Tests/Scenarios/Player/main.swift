// Plays the stories named on the command line, as `.ci/defects` wants it: one module with nothing but the brain
// and the player in it, so that forty changed brains are built in minutes. Exit status 1: a story found something.
import Glibc

func text(_ path: String) -> String {
  guard let file = unsafe fopen(path, "r") else { return "" }
  defer { unsafe fclose(file) }
  var text: [UInt8] = []
  while case let octet = unsafe getc(file), octet != EOF { text.append(UInt8(octet)) }
  return String(decoding: text, as: UTF8.self)
}

var failed: [String] = []
for path in CommandLine.arguments.dropFirst() {
  let (story, problems) = Story.read(text(path), file: path)
  guard let story, let scene = story.scene else {
    print("cannot be read: \(path) \(problems)")
    exit(2)
  }
  let unmet = Play.chronicle(scene, story, phases: .aligned).unmet
  if let first = unmet.first { print(first) }
  if !unmet.isEmpty { failed.append(path) }
}
exit(failed.isEmpty ? 0 : 1)
