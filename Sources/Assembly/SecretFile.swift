import Diagnostics
import Memory
import Wire

extension Assembler {
  /// The text of a file that holds a secret; one that everybody may read is warned of.
  mutating func secret(_ path: String, limit: Int) throws(FileError) -> String {
    let contents = try FileContents(path, limit: limit)
    if contents.isPublic {
      let message = "every user of this machine can read this secret: chmod o-r, and make a new one if they should not"
      problems.report(Problem(.warning, Position(file: path, line: 1, column: 1), message))
    }
    return String(decoding: Array(contents.bytes), as: UTF8.self)
  }
}
