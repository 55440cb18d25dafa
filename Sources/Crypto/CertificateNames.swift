import COpenSSL

/// Whom a certificate is for, as text for operators. Never used to verify anything.
enum CertificateNames {
  /// Bounds what a certificate can put into a log line.
  private static var limit: Int32 { 8 }

  @unsafe static func alternative(_ certificate: OpaquePointer) -> [String] {
    guard let extensionData = unsafe X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else { return [] }
    let names = OpaquePointer(extensionData)
    defer { unsafe copenssl_free_names(names) }
    var result: [String] = []
    let count = unsafe copenssl_name_count(names)
    for i in 0..<min(count, limit) {
      var length: Int32 = 0
      if let octets = unsafe copenssl_dns_name(names, i, &length) {
        result.append(unsafe printable(octets, length))
      } else if let octets = unsafe copenssl_address_name(names, i, &length) {
        result.append(unsafe address(UnsafeBufferPointer(start: octets, count: Int(length))))
      }
    }
    return result
  }

  @unsafe static func common(_ certificate: OpaquePointer) -> [String] {
    let subject = unsafe X509_get_subject_name(certificate)
    let index = unsafe X509_NAME_get_index_by_NID(subject, NID_commonName, -1)
    guard index >= 0, let entry = unsafe X509_NAME_get_entry(subject, index) else { return [] }
    let text = unsafe X509_NAME_ENTRY_get_data(entry)
    guard let octets = unsafe ASN1_STRING_get0_data(text) else { return [] }
    return [unsafe printable(octets, ASN1_STRING_length(text))]
  }

  @unsafe private static func printable(_ octets: UnsafePointer<UInt8>, _ length: Int32) -> String {
    let visible = unsafe UnsafeBufferPointer(start: octets, count: Int(min(length, 255)))
      .map { (0x21...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }
    return String(decoding: visible, as: UTF8.self)
  }

  @unsafe private static func address(_ octets: UnsafeBufferPointer<UInt8>) -> String {
    let octets = unsafe Array(octets)
    if octets.count == 4 { return octets.map { String($0) }.joined(separator: ".") }
    let groups = stride(from: 0, to: octets.count - 1, by: 2).map {
      String(UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1]), radix: 16)
    }
    return groups.joined(separator: ":")
  }
}
