param([Parameter(Mandatory = $true)][string]$SourceAnchor)
. "$PSScriptRoot/adsync.ps1"
Write-EngineAnswer {
    $object = Find-MvObject $SourceAnchor
    if ($null -eq $object) { return @{ found = $false } }
    $entra = Get-EntraConnector
    $connectors = foreach ($connection in $object.Lineage) {
        $guid = $null
        if ("$($connection.ConnectorName)" -ne "$($entra.Name)") {
            $member = Find-CsObject -ConnectorName $connection.ConnectorName -DistinguishedName $connection.ConnectedCsObjectDN
            $guid = Format-Guid (@(Get-AttributeValues $member 'objectGUID')[0])
        }
        @{ connectorName = [string]$connection.ConnectorName; distinguishedName = [string]$connection.ConnectedCsObjectDN; objectGuid = $guid }
    }
    @{ found = $true; connectors = [object[]]@($connectors | Where-Object { $null -ne $_ }) }
}
