import Glibc

/// The stories beside this file.
enum StoryFiles {
  private static let folder = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/stories/"

  static let all: [String] = {
    guard let directory = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { octets in
        unsafe String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasSuffix(".story") { names.append(name) }
    }
    return names.sorted()
  }()

  static func text(_ name: String) -> String {
    guard let file = unsafe fopen(folder + name, "r") else { return "" }
    defer { unsafe fclose(file) }
    var text: [UInt8] = []
    while case let octet = unsafe getc(file), octet != EOF { text.append(UInt8(octet)) }
    return String(decoding: text, as: UTF8.self)
  }
}
