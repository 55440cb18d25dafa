resource "azurerm_resource_group" "site" {
  name     = "alula-${local.label}"
  location = var.azure_location
}

resource "azurerm_virtual_network" "site" {
  name                = "alula-${local.label}"
  location            = azurerm_resource_group.site.location
  resource_group_name = azurerm_resource_group.site.name
  address_space       = ["10.53.0.0/24"]
}

resource "azurerm_subnet" "site" {
  name                 = "site"
  resource_group_name  = azurerm_resource_group.site.name
  virtual_network_name = azurerm_virtual_network.site.name
  address_prefixes     = ["10.53.0.0/26"]
}

resource "azurerm_public_ip" "site" {
  name                = "alula-${local.label}"
  location            = azurerm_resource_group.site.location
  resource_group_name = azurerm_resource_group.site.name
  allocation_method   = "Static"
  sku                 = "Standard"
}

resource "azurerm_network_security_group" "site" {
  name                = "alula-${local.label}"
  location            = azurerm_resource_group.site.location
  resource_group_name = azurerm_resource_group.site.name
}

resource "azurerm_network_security_rule" "doors" {
  for_each                    = local.doors
  name                        = each.key
  priority                    = 100 + index(keys(local.doors), each.key)
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = title(each.value.protocol)
  source_port_range           = "*"
  destination_port_range      = tostring(each.value.port)
  source_address_prefix       = "*"
  destination_address_prefix  = "*"
  resource_group_name         = azurerm_resource_group.site.name
  network_security_group_name = azurerm_network_security_group.site.name
}

resource "azurerm_network_security_rule" "ssh" {
  count                       = length(var.ssh_networks) > 0 ? 1 : 0
  name                        = "ssh"
  priority                    = 200
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_port_range           = "*"
  destination_port_range      = "22"
  source_address_prefixes     = var.ssh_networks
  destination_address_prefix  = "*"
  resource_group_name         = azurerm_resource_group.site.name
  network_security_group_name = azurerm_network_security_group.site.name
}

resource "azurerm_network_interface" "site" {
  name                = "alula-${local.label}"
  location            = azurerm_resource_group.site.location
  resource_group_name = azurerm_resource_group.site.name

  ip_configuration {
    name      = "site"
    subnet_id = azurerm_subnet.site.id
    # The address that Alula listens on: it must outlive a deallocation. Azure keeps the first four of a subnet.
    private_ip_address_allocation = "Static"
    private_ip_address            = cidrhost(azurerm_subnet.site.address_prefixes[0], 4)
    public_ip_address_id          = azurerm_public_ip.site.id
  }
}

resource "azurerm_network_interface_security_group_association" "site" {
  network_interface_id      = azurerm_network_interface.site.id
  network_security_group_id = azurerm_network_security_group.site.id
}

resource "azurerm_linux_virtual_machine" "site" {
  name                  = "alula-${local.label}"
  location              = azurerm_resource_group.site.location
  resource_group_name   = azurerm_resource_group.site.name
  size                  = var.azure_vm_size
  network_interface_ids = [azurerm_network_interface.site.id]
  admin_username        = "azureuser"
  custom_data = base64encode(templatefile(local.template, merge(local.site, {
    site         = "azure"
    peer_address = local.site.aws_address
  })))

  admin_ssh_key {
    username   = "azureuser"
    public_key = var.ssh_public_key
  }

  os_disk {
    caching              = "ReadWrite"
    storage_account_type = "Standard_LRS"
  }

  source_image_reference {
    publisher = "Debian"
    offer     = "debian-12"
    sku       = "12-gen2"
    version   = "latest"
  }
  # As on EC2: what came later is no reason to build the machine anew.
  lifecycle {
    ignore_changes = [custom_data]
  }
}
