import Glibc

/// A folder of the test's own, gone with the last reference.
package final class Folder: Sendable {
  package let path: String

  package init() throws {
    var template = Array("/tmp/alula-test-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw Trouble("mkdtemp failed") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { removeTree(path) }

  package func path(_ name: String) -> String { path + "/" + name }

  @discardableResult
  package func write(_ name: String, _ text: String) throws -> String {
    try writeFile(path(name), text)
    return path(name)
  }

  @discardableResult
  package func write(_ name: String, octets: [UInt8]) throws -> String {
    try writeFile(path(name), octets: octets)
    return path(name)
  }

  @discardableResult
  package func makeFolder(_ name: String) throws -> String {
    guard unsafe mkdir(path(name), 0o700) == 0 else { throw Trouble("mkdir \(path(name)) failed") }
    return path(name)
  }
}

package func readFile(_ path: String) throws -> String { String(decoding: try readOctets(path), as: UTF8.self) }

package func readOctets(_ path: String) throws -> [UInt8] {
  let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { throw Trouble("cannot read \(path)") }
  defer { close(file) }
  var octets: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while true {
    let size = unsafe read(file, &buffer, buffer.count)
    guard size > 0 else { return octets }
    octets += buffer[..<size]
  }
}

/// Writes beside `path` and renames, so that a reader sees the old text or the new one.
package func writeFile(_ path: String, _ text: String) throws { try writeFile(path, octets: Array(text.utf8)) }

package func writeFile(_ path: String, octets: [UInt8]) throws {
  let file = unsafe open(path + ".new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
  guard file >= 0 else { throw Trouble("cannot write \(path)") }
  let written = unsafe write(file, octets, octets.count)
  close(file)
  guard written == octets.count, unsafe rename(path + ".new", path) == 0 else { throw Trouble("cannot write \(path)") }
}

/// The names in a folder, without `.` and `..`, sorted.
package func listFolder(_ path: String) -> [String] {
  guard let folder = unsafe opendir(path) else { return [] }
  defer { unsafe closedir(folder) }
  var names: [String] = []
  while let entry = unsafe readdir(folder) {
    let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { octets in
      unsafe String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self)
    }
    if name != "." && name != ".." { names.append(name) }
  }
  return names.sorted()
}

private func removeTree(_ path: String) {
  for name in listFolder(path) { removeTree(path + "/" + name) }
  if unsafe unlink(path) != 0 { unsafe rmdir(path) }
}

/// Makes a folder where there is none yet.
package func makeFolder(_ path: String) throws {
  guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw Trouble("mkdir \(path) failed") }
}
