import JSONFormat
package import Wire

/// The record sets of a hosted zone, as `list-resource-record-sets` prints them: one file, or one a page.
package struct HostedZone: Sendable {
  /// Nil when only the records are known and have no SOA.
  package let name: DomainName?
  package let records: [RecordSet]

  /// What the command line has printed: it puts pages together itself.
  init(_ title: String, _ shape: Shape) throws(ShapeError) {
    var records: [RecordSet] = []
    for element in try shape.member("ResourceRecordSets").elements() { records.append(try RecordSet(element)) }
    self.init(records)
  }

  package init(_ records: [RecordSet]) {
    self.records = records
    name = records.first { $0.type == "SOA" }?.name
  }

  /// - Parameter pages: file names and contents.
  package init(pages: [(file: String, text: [UInt8])]) throws(ShapeError) {
    var records: [RecordSet] = []
    for (index, page) in pages.enumerated() {
      let shape = try Document.read(page.file, page.text)
      for element in try shape.member("ResourceRecordSets").elements() { records.append(try RecordSet(element)) }
      let isLast = index == pages.count - 1
      if isLast, let more = shape.optional("IsTruncated"), try more.bool() {
        throw more.error("the list goes on at \(try shape.string("NextRecordName") ?? "?"): give all pages")
      }
    }
    self.init(records)
  }
}

/// Health checks, as `list-health-checks` prints them, in pages likewise.
package enum HealthCheckList {
  static func read(_ shape: Shape) throws(ShapeError) -> [HealthCheck] {
    var checks: [HealthCheck] = []
    for element in try shape.member("HealthChecks").elements() { checks.append(try HealthCheck(element)) }
    return checks
  }

  package static func read(pages: [(file: String, text: [UInt8])]) throws(ShapeError) -> [HealthCheck] {
    var checks: [HealthCheck] = []
    for (index, page) in pages.enumerated() {
      let shape = try Document.read(page.file, page.text)
      for element in try shape.member("HealthChecks").elements() { checks.append(try HealthCheck(element)) }
      let isLast = index == pages.count - 1
      if isLast, let more = shape.optional("IsTruncated"), try more.bool() {
        throw more.error("the list goes on at marker \(try shape.string("NextMarker") ?? "?"): give all pages")
      }
    }
    return checks
  }
}

package enum Document {
  package static func read(_ file: String, _ text: [UInt8]) throws(ShapeError) -> Shape {
    do throws(JSONSyntaxError) { return Shape(try JSON.read(text), "\(file):") } catch {
      throw ShapeError("\(file):\(error.line):\(error.column)", error.isAtEnd ? "the JSON ends too early" : "not JSON")
    }
  }
}
