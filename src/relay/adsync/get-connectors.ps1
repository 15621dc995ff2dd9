. "$PSScriptRoot/adsync.ps1"
Write-EngineAnswer -List {
    foreach ($connector in Get-ADSyncConnector) {
        $type = Get-ConnectorType $connector
        if ($null -eq $type) { continue }
        $lastController = $null
        $preferred = @()
        $partitions = foreach ($partition in $connector.Partitions) {
            # The controller last used and those preferred are in the partition's own XML.
            if ("$($partition.CustomData)" -ne '') {
                $data = [xml]"$($partition.CustomData)"
                $last = $data.SelectSingleNode('//last-dc')
                if ($null -ne $last -and $null -eq $lastController) { $lastController = Format-Text $last.InnerText }
                foreach ($node in $data.SelectNodes('//preferred-dcs/preferred-dc')) { $preferred += [string]$node.InnerText }
            }
            if ($type -eq 'AD' -and $partition.IsDomain) { @{ dn = [string]$partition.DN; dnsName = [string]$partition.Name } }
        }
        @{
            name                         = [string]$connector.Name
            type                         = $type
            identifier                   = [string]$connector.Identifier
            forest                       = $(if ($type -eq 'AD') { Get-Forest $connector } else { $null })
            lastImportedDomainController = $lastController
            preferredDomainControllers   = [object[]]$preferred
            partitions                   = [object[]]@($partitions | Where-Object { $null -ne $_ })
        }
    }
}
