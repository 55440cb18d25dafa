/// The memory that a zone takes while it is read and built, so that one which does not fit is refused in
/// words before an allocation fails.
enum ZoneMemory {
  /// An upper bound in octets, with what arrays have to spare while they grow.
  ///
  /// - Parameters:
  ///   - octets: of all owners and data as they are stored.
  ///   - nodes: owners and their ancestors.
  static func needed(records: Int, octets: Int, nodes: Int) -> Int {
    144 * records + 208 * nodes + 5 * octets + fixed
  }

  /// What every zone takes, however small.
  private static var fixed: Int { 1 << 20 }

  static func message(_ limit: Int) -> String {
    "the zone needs more memory than there is: \(limit >> 20) MiB"
  }
}
