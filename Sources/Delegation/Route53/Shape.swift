package import JSONFormat

/// What is wrong with a JSON document, with the file and the way inside it.
package struct ShapeError: Error, Equatable, CustomStringConvertible {
  package let description: String

  package init(_ path: String, _ problem: String) { description = "\(path): \(problem)" }

  /// Of what has no place in a document.
  init(described description: String) { self.description = description }
}

/// A value of a JSON document, with the way to it for messages: `zone.json: ResourceRecordSets[3].TTL`.
package struct Shape: Sendable {
  package let json: JSON
  package let path: String

  package init(_ json: JSON, _ path: String) {
    self.json = json
    self.path = path
  }

  package func error(_ problem: String) -> ShapeError { ShapeError(path, problem) }

  /// A member that must be there.
  package func member(_ name: String) throws(ShapeError) -> Shape {
    guard case .object = json else { throw error("an object was expected") }
    guard let shape = optional(name) else { throw error("the member \(name) is missing") }
    return shape
  }

  /// A member that may lack or be null.
  package func optional(_ name: String) -> Shape? {
    guard let value = json[name], value != .null else { return nil }
    return Shape(value, path.hasSuffix(":") ? "\(path) \(name)" : "\(path).\(name)")
  }

  package func elements() throws(ShapeError) -> [Shape] {
    guard case .array(let values) = json else { throw error("a list was expected") }
    return values.enumerated().map { Shape($1, "\(path)[\($0)]") }
  }

  package func string() throws(ShapeError) -> String {
    guard case .string(let text) = json else { throw error("a text was expected") }
    return text
  }

  package func bool() throws(ShapeError) -> Bool {
    guard case .bool(let value) = json else { throw error("true or false was expected") }
    return value
  }

  package func integer(_ range: ClosedRange<Int>) throws(ShapeError) -> Int {
    guard case .number(let digits) = json, let value = Int(digits) else { throw error("a whole number was expected") }
    guard range.contains(value) else {
      throw error("\(value) is not from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }
}

extension Shape {
  package func string(_ name: String) throws(ShapeError) -> String? { try optional(name)?.string() }
  package func bool(_ name: String) throws(ShapeError) -> Bool? { try optional(name)?.bool() }
  package func integer(_ name: String, _ range: ClosedRange<Int>) throws(ShapeError) -> Int? {
    try optional(name)?.integer(range)
  }
  package func strings(_ name: String) throws(ShapeError) -> [String] {
    var result: [String] = []
    for element in try optional(name)?.elements() ?? [] { result.append(try element.string()) }
    return result
  }
}
