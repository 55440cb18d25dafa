import Memory
import Wire

/// Where a hosted zone is read from: files, or Route 53 itself by the AWS command line.
package struct Source: Sendable {
  package struct Failure: Error, CustomStringConvertible, Sendable {
    package let description: String
    package init(_ description: String) { self.description = description }
  }

  /// With or without `/hostedzone/` before it.
  package var zoneID: String?
  /// Printed by `list-resource-record-sets`, one a page.
  package var records: [String] = []
  /// Printed by `list-health-checks`.
  package var healthChecks: [String] = []
  package var aws = AWS()

  package init() {}

  private static var largest: Int { 1 << 30 }

  package static func read(_ files: [String]) throws(Failure) -> [(file: String, text: [UInt8])] {
    var pages: [(file: String, text: [UInt8])] = []
    for path in files {
      do throws(FileError) {
        let file = try FileContents(path, limit: largest)
        pages.append((path, Array(file.bytes)))
      } catch { throw Failure("\(error)") }
    }
    return pages
  }

  /// Without the prefix that the API puts before it.
  package static func plainID(_ id: String) -> String { id.split(separator: "/").last.map(String.init) ?? id }

  package func hostedZone() throws(Failure) -> HostedZone {
    do throws(ShapeError) {
      if !records.isEmpty { return try HostedZone(pages: try pages(records)) }
      let title = "list-resource-record-sets"
      return try HostedZone(title, try ask([title, "--hosted-zone-id", try id()]))
    } catch { throw Failure("\(error)") }
  }

  private func pages(_ files: [String]) throws(ShapeError) -> [(file: String, text: [UInt8])] {
    do throws(Failure) { return try Source.read(files) } catch { throw ShapeError(described: error.description) }
  }

  /// All health checks that there are; none when neither files nor a hosted zone are given.
  package func allHealthChecks() throws(Failure) -> [HealthCheck] {
    do throws(ShapeError) {
      if !healthChecks.isEmpty || zoneID == nil { return try HealthCheckList.read(pages: try pages(healthChecks)) }
      return try HealthCheckList.read(try ask(["list-health-checks"]))
    } catch { throw Failure("\(error)") }
  }

  private func id() throws(ShapeError) -> String {
    guard let zoneID else { throw ShapeError(described: "say --zone-id ID, or --records FILE") }
    return Source.plainID(zoneID)
  }

  func ask(_ words: [String]) throws(ShapeError) -> Shape {
    do throws(AWS.Failure) {
      guard let shape = try aws.route53(words) else {
        throw AWS.Failure(description: "aws route53 \(words[0]) printed nothing", code: nil)
      }
      return shape
    } catch { throw ShapeError(described: error.description) }
  }
}

extension Source {
  /// Of the collections that the records use.
  ///
  /// - Parameter files: printed by `list-cidr-blocks`, with their collections' ids.
  func networks(
    of hosted: HostedZone, _ files: [(collection: String, file: String)]
  ) throws(Failure) -> [String: [String: [String]]] {
    var result: [String: [String: [String]]] = [:]
    for (collection, file) in files {
      for page in try Source.read([file]) {
        do throws(ShapeError) {
          let blocks = try Source.blocks(try Document.read(page.file, page.text))
          result[collection, default: [:]].merge(blocks) { $0 + $1 }
        } catch { throw Failure("\(error)") }
      }
    }
    guard files.isEmpty, zoneID != nil else { return result }
    for case .network(let collection, _) in hosted.records.map(\.routing) where result[collection] == nil {
      do throws(ShapeError) {
        result[collection] = try Source.blocks(try ask(["list-cidr-blocks", "--collection-id", collection]))
      } catch { throw Failure("\(error)") }
    }
    return result
  }

  private static func blocks(_ shape: Shape) throws(ShapeError) -> [String: [String]] {
    var blocks: [String: [String]] = [:]
    for block in try shape.member("CidrBlocks").elements() {
      blocks[try block.member("LocationName").string(), default: []].append(try block.member("CidrBlock").string())
    }
    return blocks
  }
}
